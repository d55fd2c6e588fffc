import { Plural, Trans } from '@lingui/react/macro';
import { nameOfPractitioner } from '../api/practitioners.ts';
import type { Practitioner } from '../api/types.ts';

interface Props {
  all: readonly Practitioner[];
  chosen: readonly string[];
  max: number;
  onChange: (ids: string[]) => void;
}

/** Whose agendas are shown. */
export const PractitionerChoice = ({ all, chosen, max, onChange }: Props) => (
  <details className="rounded-card border border-line bg-surface px-3 py-2">
    <summary className="cursor-pointer font-semibold">
      <Plural value={chosen.length} one="# agenda" other="# agendas" />
    </summary>
    <fieldset className="mt-2 grid gap-1 tablet:grid-cols-3 desk:grid-cols-5">
      <legend className="sr-only">
        <Trans>Whose agendas are shown</Trans>
      </legend>
      {all.map((each) => {
        const isChosen = chosen.includes(each.id);
        return (
          <label key={each.id} className="flex min-h-8 items-center gap-2 text-sm">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={isChosen}
              disabled={!isChosen && chosen.length >= max}
              onChange={() => onChange(isChosen ? chosen.filter((id) => id !== each.id) : [...chosen, each.id])}
            />
            {nameOfPractitioner(each)}
          </label>
        );
      })}
    </fieldset>
  </details>
);
