/** What Colyseus' server and its clients call things. */

/** The name by which clients find the room. */
export const ROOM_NAME = "arena";
/** The number of the message that carries a packet of commands. */
export const PACKET_MESSAGE = 1;
