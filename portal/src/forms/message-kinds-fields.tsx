import { Trans, useLingui } from '@lingui/react/macro';
import type { Practitioner } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Card } from '../ui/page.tsx';
import { type KindsTyped, kindsMax } from './message-policy-draft.ts';
import { MessageRemindersFields } from './message-reminders-fields.tsx';

interface Props {
  byType: readonly KindsTyped[];
  practitioners: readonly Practitioner[];
  isTried: boolean;
  onChange: (byType: KindsTyped[]) => void;
}

/** Each practitioner has kinds of visit of their own: what is called the same is set together. */
function kindsByName(practitioners: readonly Practitioner[]): Map<string, string[]> {
  const kinds = new Map<string, string[]>();
  for (const { id, name } of practitioners.flatMap(({ appointmentTypes }) => appointmentTypes))
    kinds.set(name, [...(kinds.get(name) ?? []), id]);
  return kinds;
}

/** Reminders of some kinds of visit, in the place of those of all others. */
export function MessageKindsFields({ byType, practitioners, isTried, onChange }: Props) {
  const { t } = useLingui();
  const kinds = kindsByName(practitioners);
  const known = new Set([...kinds.values()].flat());
  const namesOf = ({ appointmentTypeIds }: KindsTyped): string[] =>
    [...kinds].filter(([, ids]) => ids.some((id) => appointmentTypeIds.includes(id))).map(([name]) => name);
  const setNth = (nth: number, next?: KindsTyped) =>
    onChange(byType.flatMap((each, place) => (place !== nth ? [each] : next ? [next] : [])));
  /** Kinds that are no longer there stay as they are. */
  const withNames = (group: KindsTyped, names: readonly string[]): KindsTyped => ({
    ...group,
    appointmentTypeIds: [
      ...group.appointmentTypeIds.filter((id) => !known.has(id)),
      ...names.flatMap((name) => kinds.get(name) ?? []),
    ],
  });
  return (
    <div className="grid gap-3">
      {byType.map((group, nth) => {
        const others = new Set(byType.flatMap((each) => (each === group ? [] : namesOf(each))));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no name but their place.
          <Card key={nth} className="grid gap-3">
            <Choices
              isRow
              legend={<Trans>Instead, for these kinds of visit</Trans>}
              problem={isTried && group.appointmentTypeIds.length === 0 ? t`Choose at least one.` : undefined}
              options={[...kinds.keys()]
                .filter((name) => !others.has(name))
                .sort((one, other) => one.localeCompare(other))
                .map((value) => ({ value, label: value }))}
              chosen={namesOf(group)}
              onChange={(names) => setNth(nth, withNames(group, names))}
            />
            <MessageRemindersFields
              reminders={group.reminders}
              isTried={isTried}
              onChange={(reminders) => setNth(nth, { ...group, reminders })}
            />
            <div>
              <Button size="desk" onClick={() => setNth(nth)}>
                <Trans>As for all other visits</Trans>
              </Button>
            </div>
          </Card>
        );
      })}
      {byType.length < kindsMax && (
        <div>
          <Button size="desk" onClick={() => onChange([...byType, { appointmentTypeIds: [], reminders: [] }])}>
            <Trans>Other reminders for some kinds of visit</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
