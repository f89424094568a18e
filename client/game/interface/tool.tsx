/** A tool: a small square button with an icon. */

import { Icon, type IconName } from "./icons.tsx";

type ToolProps = {
  icon: IconName;
  label: string;
  onClick: () => void;
  /** For the click's sound. */
  actions: { clicked(): void };
  isOn?: boolean;
};

export function Tool({ icon, label, onClick, actions, isOn = false }: ToolProps) {
  const press = (event: MouseEvent & { currentTarget: HTMLButtonElement }): void => {
    // A button that keeps the focus would take the next press of the space bar.
    event.currentTarget.blur();
    actions.clicked();
    onClick();
  };
  const looks = `tool tool-${icon}${isOn ? " tool-on" : ""}`;
  return (
    <button type="button" class={looks} title={label} aria-label={label} onClick={press}>
      <Icon name={icon} />
    </button>
  );
}
