import { Trans } from '@lingui/react/macro';
import type { Practitioner } from '../api/types.ts';

interface Props {
  kinds: Practitioner['appointmentTypes'];
  chosenId: string | undefined;
  onChoose: (id: string) => void;
}

/** The kinds of visit that somebody offers, one of which is chosen. */
export const VisitKinds = ({ kinds, chosenId, onChoose }: Props) => (
  <fieldset className="grid gap-2">
    <legend className="mb-2 font-semibold">
      <Trans>Kind of visit</Trans>
    </legend>
    {kinds.map(({ id, name, minutes }) => (
      <label
        key={id}
        className="flex min-h-12 cursor-pointer items-center gap-3 rounded-field border border-edge bg-surface px-4 py-1.5 has-checked:border-accent has-checked:bg-accent-paper"
      >
        <input
          type="radio"
          name="type"
          checked={chosenId === id}
          onChange={() => onChoose(id)}
          className="size-5 accent-accent"
        />
        <span className="font-medium">{name}</span>
        <span className="whitespace-nowrap text-quiet">
          <Trans>{minutes} minutes</Trans>
        </span>
      </label>
    ))}
  </fieldset>
);
