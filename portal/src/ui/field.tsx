import { useLingui } from '@lingui/react/macro';
import {
  type ComponentProps,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';

const box =
  'w-full min-h-11 rounded-field border border-edge bg-surface px-3 py-2 aria-invalid:border-2 aria-invalid:border-bad';

interface Named {
  label: ReactNode;
  hint?: ReactNode;
  /** What to do about it, said at the field. */
  problem?: string;
  /** It cannot be left empty, which stands beside its name; `required` has the browser itself refuse it besides. */
  isNeeded?: boolean;
}

type Built = {
  id: string;
  'aria-invalid'?: true;
  'aria-required'?: true;
  'aria-describedby'?: string;
  className: string;
};

function Frame({ label, hint, problem, isNeeded, build }: Named & { build: (props: Built) => ReactNode }) {
  const { t } = useLingui();
  const id = useId();
  const said = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    // Beside a field whose label or hint is longer the boxes stand on one line.
    <div className="grid content-end gap-1">
      <div>
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        {isNeeded && (
          // Whoever hears it is told by the field itself.
          <span aria-hidden="true" className="text-quiet">{` · ${t`needed`}`}</span>
        )}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-quiet">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="text-sm font-semibold text-bad">
          {problem}
        </p>
      )}
      {build({
        id,
        className: box,
        ...(problem && { 'aria-invalid': true }),
        ...(isNeeded && { 'aria-required': true }),
        'aria-describedby': said || undefined,
      })}
    </div>
  );
}

export const TextField = ({ label, hint, problem, isNeeded, ...rest }: Named & ComponentProps<'input'>) => (
  <Frame
    {...{ label, hint, problem, isNeeded: isNeeded ?? rest.required }}
    build={(built) => <input type="text" {...rest} {...built} />}
  />
);

export const LongTextField = ({
  label,
  hint,
  problem,
  isNeeded,
  ...rest
}: Named & TextareaHTMLAttributes<HTMLTextAreaElement>) => (
  <Frame
    {...{ label, hint, problem, isNeeded: isNeeded ?? rest.required }}
    build={(built) => <textarea rows={4} {...rest} {...built} />}
  />
);

export const ChoiceField = ({
  label,
  hint,
  problem,
  isNeeded,
  ...rest
}: Named & SelectHTMLAttributes<HTMLSelectElement>) => (
  <Frame
    {...{ label, hint, problem, isNeeded: isNeeded ?? rest.required }}
    build={(built) => <select {...rest} {...built} />}
  />
);
