import { type ReactNode, useState } from 'react';

/** Behind a line that unfolds it, drawn and asked for once somebody wants to see it. */
export function Unfolded({ title, children }: { title: ReactNode; children: () => ReactNode }) {
  const [isOpened, setOpened] = useState(false);
  return (
    <details onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary className="cursor-pointer font-semibold">{title}</summary>
      {isOpened && <div className="pt-3">{children()}</div>}
    </details>
  );
}
