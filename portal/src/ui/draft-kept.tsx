import { Trans, useLingui } from '@lingui/react/macro';
import type { useDraft } from '../session/drafts.ts';
import { formatIn } from '../time/zone.ts';

type Draft = Pick<ReturnType<typeof useDraft>, 'isDirty' | 'keptAt'>;

/** Since when what was typed is kept, which is not yet in the record; or that it is not kept, while there is time to send it. */
export function DraftKept({ of: { isDirty, keptAt } }: { of: Draft }) {
  const { i18n } = useLingui();
  if (!isDirty) return null;
  if (keptAt === undefined)
    return (
      <p role="alert" className="text-sm font-semibold text-bad">
        <Trans>
          What you type here is not kept: the browser has no room for it. Put it into the record before you leave this
          page.
        </Trans>
      </p>
    );
  const at = formatIn(i18n.locale, { timeStyle: 'short' }).format(keptAt);
  return (
    <p className="text-sm text-quiet">
      <Trans>Kept at {at} as a draft, in this tab of this browser alone; not in the record yet.</Trans>
    </p>
  );
}
