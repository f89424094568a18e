/**
 * The menu: a name, one large button, and the ways to a room of one's own.
 *
 * Next: how-to-play.tsx.
 */

import { MAX_TYPED_NAME_UNITS } from "@starwake/shared/engine/player-name.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import { HowToPlay } from "./how-to-play.tsx";
import { Icon } from "./icons.tsx";
import { type InterfaceActions, type InterfaceState, LONGEST_ROOM_TEXT } from "./interface-state.ts";
import { nameHint } from "./name-hint.ts";
import { isTouchDevice } from "./touch-controls.ts";
import { Wordmark } from "./wordmark.tsx";

type Menu = InterfaceState & { state: "menu" };

export function MenuScreen({ menu, actions }: { menu: Menu; actions: InterfaceActions }) {
  const [name, setName] = useState(menu.name);
  return (
    <main class="menu">
      <header class="menu-head">
        <Wordmark />
        <p class="tagline">Drift. Aim. Leave nothing but light.</p>
      </header>
      {menu.notice !== undefined && (
        <p class="menu-notice" role="status">
          {menu.notice}
        </p>
      )}
      <section class="card" aria-label="Play">
        <PlayForm menu={menu} actions={actions} name={name} setName={setName} />
        <div class="divider">
          <span>or with friends</span>
        </div>
        <FriendsForm actions={actions} name={name} />
        <ReplayChooser actions={actions} />
      </section>
      <HowToPlay />
    </main>
  );
}

type FormProps = { menu: Menu; actions: InterfaceActions; name: string; setName: (name: string) => void };

function PlayForm({ menu, actions, name, setName }: FormProps) {
  const field = useRef<HTMLInputElement>(null);
  const problem = name === menu.name && menu.nameProblem !== undefined ? menu.nameProblem : nameHint(name);
  // With a keyboard one types and presses Enter; on a phone the screen keyboard would cover the menu.
  useEffect(() => {
    if (!isTouchDevice()) field.current?.focus();
  }, []);
  const submit = (event: Event): void => {
    event.preventDefault();
    actions.clicked();
    actions.play(name.trim());
  };
  const quickPlay = (): void => {
    actions.clicked();
    actions.quickPlay(name.trim());
  };
  return (
    <form class="play-form" onSubmit={submit}>
      <label class="field">
        <span>Pilot name</span>
        <input
          name="name"
          value={name}
          maxLength={MAX_TYPED_NAME_UNITS}
          placeholder="Nameless"
          autoComplete="nickname"
          spellcheck={false}
          dir="auto"
          aria-invalid={problem !== undefined}
          aria-describedby="name-problem"
          ref={field}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <p id="name-problem" class="field-problem" role="status">
        {problem}
      </p>
      <button type="submit" class="button button-main">
        {menu.roomCode === undefined ? "Play" : `Join room ${menu.roomCode}`}
      </button>
      {menu.roomCode !== undefined && (
        <button type="button" class="button" onClick={quickPlay}>
          Play with anyone
        </button>
      )}
    </form>
  );
}

function FriendsForm({ actions, name }: { actions: InterfaceActions; name: string }) {
  const [code, setCode] = useState("");
  const join = (event: Event): void => {
    event.preventDefault();
    actions.clicked();
    if (code !== "") actions.joinRoom(name.trim(), code);
  };
  const create = (): void => {
    actions.clicked();
    actions.createPrivateRoom(name.trim());
  };
  return (
    <form class="friends-form" onSubmit={join}>
      <button type="button" class="button" onClick={create}>
        <Icon name="lock" /> Private room
      </button>
      <label class="field field-joined">
        <span class="visually-hidden">Room code</span>
        <input
          name="code"
          class="code-input"
          value={code}
          maxLength={LONGEST_ROOM_TEXT}
          placeholder="Room code"
          autoComplete="off"
          autoCapitalize="characters"
          spellcheck={false}
          onInput={(event) => setCode(event.currentTarget.value.trim().toUpperCase())}
        />
        <button type="submit" class="button" disabled={code === ""}>
          Join
        </button>
      </label>
    </form>
  );
}

function ReplayChooser({ actions }: { actions: InterfaceActions }) {
  const open = (event: Event & { currentTarget: HTMLInputElement }): void => {
    const file = event.currentTarget.files?.[0];
    if (file === undefined) return;
    actions.clicked();
    actions.openReplay(file);
  };
  return (
    <label class="replay-chooser">
      <Icon name="play" /> Watch a replay
      <input type="file" class="visually-hidden" onChange={open} />
    </label>
  );
}
