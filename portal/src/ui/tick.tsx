import type { ReactNode } from 'react';

interface Props {
  is: boolean;
  onChange: (is: boolean) => void;
  className?: string;
  /** What holds when it is ticked. */
  children: ReactNode;
}

/** A box to tick, with its words. */
export const Tick = ({ is, onChange, className = '', children }: Props) => (
  <label className={`flex min-h-9 items-center gap-2 ${className}`}>
    <input
      type="checkbox"
      className="size-5 accent-accent"
      checked={is}
      onChange={(event) => onChange(event.target.checked)}
    />
    {children}
  </label>
);
