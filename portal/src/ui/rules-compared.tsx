import { Trans, useLingui } from '@lingui/react/macro';
import type { TypeRules } from '../api/types.ts';
import { bookableByNames, numberRuleNames, numberRules, saysOf } from '../words/booking-rules.ts';

interface Line {
  label: string;
  before: string;
  after: string;
}

/** What rules say, a line each, in words. */
function useLines(before: TypeRules | undefined, after: TypeRules | undefined): Line[] {
  const { i18n, t } = useLingui();
  const bookedBy = (rules?: TypeRules) => i18n._(bookableByNames[rules?.bookableBy ?? 'patients']);
  const confirmed = (rules?: TypeRules) => (rules?.needsConfirmation ? t`yes` : t`no`);
  const words = (what: ReturnType<typeof saysOf>) => (typeof what === 'string' ? what : i18n._(what));
  return [
    { label: t`Booked by`, before: bookedBy(before), after: bookedBy(after) },
    { label: t`The practice confirms it`, before: confirmed(before), after: confirmed(after) },
    ...numberRuleNames.map((name) => ({
      label: i18n._(numberRules[name].label),
      before: words(saysOf(before, name)),
      after: words(saysOf(after, name)),
    })),
  ];
}

/** What would change, with what holds before and after. */
export function RulesCompared({ before, after }: { before: TypeRules; after: TypeRules }) {
  const lines = useLines(before, after).filter((each) => each.before !== each.after);
  if (lines.length === 0)
    return (
      <p className="text-quiet">
        <Trans>Nothing changes.</Trans>
      </p>
    );
  return (
    <table className="w-full text-left text-sm [&_td]:border-t [&_td]:border-line [&_td]:py-1 [&_td]:pr-3 [&_th]:pr-3">
      <thead>
        <tr>
          <th scope="col">
            <Trans>What changes</Trans>
          </th>
          <th scope="col">
            <Trans>Before</Trans>
          </th>
          <th scope="col">
            <Trans>After</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((each) => (
          <tr key={each.label}>
            <td>{each.label}</td>
            <td>{each.before}</td>
            <td className="font-semibold">{each.after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** All that is set of a kind of visit. */
export function RuleLines({ of }: { of: TypeRules | undefined }) {
  const lines = useLines(undefined, of).filter(({ before, after }) => before !== after);
  if (lines.length === 0)
    return (
      <p className="text-sm text-quiet">
        <Trans>Nothing is set: patients and the practice book it at any time that is free.</Trans>
      </p>
    );
  return (
    <dl className="grid gap-x-6 gap-y-1 text-sm tablet:grid-cols-[1fr_auto]">
      {lines.map(({ label, after }) => (
        <div key={label} className="contents">
          <dt className="text-quiet">{label}</dt>
          <dd className="font-medium tablet:text-right">{after}</dd>
        </div>
      ))}
    </dl>
  );
}
