/** Names for pilots. */
export const CALL_SIGNS = [
  "Altair", "Antares", "Arcturus", "Bellatrix", "Canopus", "Capella", "Castor", "Deneb", "Electra", "Elnath", "Fomalhaut",
  "Gacrux", "Hadar", "Hamal", "Izar", "Kochab", "Maia", "Markab", "Meissa", "Menkar", "Merope", "Mimosa", "Mintaka",
  "Mira", "Mirach", "Mizar", "Nihal", "Peacock", "Phact", "Pollux", "Procyon", "Rasalhague", "Regulus", "Rigel", "Sabik",
  "Sadr", "Saiph", "Scheat", "Schedar", "Shaula", "Sirius", "Spica", "Suhail", "Tarazed", "Taygeta", "Thuban", "Unuk",
  "Vega", "Wezen", "Zaurak",
] as const;
