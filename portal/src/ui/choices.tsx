import { type ReactNode, useId } from 'react';

interface Props<T extends string> {
  legend: ReactNode;
  hint?: ReactNode;
  /** What to do about it, said at the group. */
  problem?: string;
  options: readonly { value: T; label: ReactNode; beside?: ReactNode }[];
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
  /** One of them instead of several. */
  isOne?: boolean;
  /** Side by side, for words that are short. */
  isRow?: boolean;
}

/** One or several of a few, large enough for a thumb. */
export function Choices<T extends string>(props: Props<T>) {
  const { legend, hint, problem, options, chosen, onChange, isOne = false, isRow = false } = props;
  const id = useId();
  const toggled = (value: T): T[] =>
    isOne ? [value] : chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
  return (
    <fieldset className="grid gap-2" aria-describedby={problem || hint ? `${id}-said` : undefined}>
      <legend className="mb-1 font-semibold">{legend}</legend>
      {(problem || hint) && (
        <p id={`${id}-said`} className={`text-sm ${problem ? 'font-semibold text-bad' : 'text-quiet'}`}>
          {problem ?? hint}
        </p>
      )}
      <div className={isRow ? 'flex flex-wrap gap-2' : 'grid gap-2'}>
        {options.map(({ value, label, beside }) => (
          <label
            key={value}
            className="flex min-h-11 cursor-pointer items-center gap-3 rounded-field border border-edge bg-surface px-3 py-1.5 has-checked:border-accent has-checked:bg-accent-paper has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type={isOne ? 'radio' : 'checkbox'}
              name={isOne ? id : undefined}
              aria-invalid={problem ? true : undefined}
              checked={chosen.includes(value)}
              onChange={() => onChange(toggled(value))}
              className="size-5 shrink-0 accent-accent outline-none"
            />
            <span className="font-medium first-letter:uppercase">{label}</span>
            {beside && <span className="whitespace-nowrap text-quiet">{beside}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
