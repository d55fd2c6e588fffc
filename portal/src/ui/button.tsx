import type { ButtonHTMLAttributes } from 'react';

const looks = {
  main: 'bg-accent text-on-accent border-accent hover:bg-accent-strong',
  plain: 'bg-surface text-ink border-edge hover:border-accent hover:text-accent',
  quiet: 'border-transparent text-accent hover:bg-accent-paper',
  danger: 'bg-surface text-bad border-bad hover:bg-bad-paper',
} as const;

const sizes = { large: 'min-h-12 px-5 py-2 text-base', desk: 'min-h-9 px-3 py-1 text-sm' } as const;

interface Looks {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
}

/** The look of a button, also for links that do what a button would. */
export const buttonLook = ({ look = 'plain', size = 'large' }: Looks = {}): string =>
  `button inline-flex items-center justify-center gap-2 rounded-field border text-center font-semibold no-underline cursor-pointer
  disabled:cursor-default disabled:opacity-60 aria-disabled:opacity-60 ${looks[look]} ${sizes[size]}`;

type Props = ButtonHTMLAttributes<HTMLButtonElement> &
  Looks & {
    /** While what it began goes on: a second click does nothing, and the focus stays. */
    isBusy?: boolean;
  };

export const Button = ({ look, size, isBusy = false, className = '', onClick, type = 'button', ...rest }: Props) => (
  <button
    {...rest}
    type={type}
    aria-disabled={isBusy || undefined}
    aria-busy={isBusy || undefined}
    onClick={(event) => (isBusy ? event.preventDefault() : onClick?.(event))}
    className={`${buttonLook({ look, size })} ${className}`}
  />
);
