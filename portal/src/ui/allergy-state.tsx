import { Trans, useLingui } from '@lingui/react/macro';
import type { MedicalRecord } from '../api/types.ts';
import { formatIn } from '../time/zone.ts';
import { Notice } from './notice.tsx';

interface Props {
  allergies: MedicalRecord['allergies'];
  /** Whoever reads is told by nobody that none is known. */
  isGuardian: boolean;
  nameOf: (practitionerId: string | undefined) => string;
}

/** Not known, none known, and listed are three things; what was ruled out may be listed beside the first two. */
export function AllergyState({ allergies, isGuardian, nameOf }: Props) {
  const { i18n, t } = useLingui();
  const { state, statement } = allergies;
  if (state === 'listed') return null;
  if (state === 'none-known' && statement) {
    const name = nameOf(statement.author.practitionerId);
    const day = formatIn(i18n.locale, { dateStyle: 'long' }).format(new Date(statement.at));
    return (
      <Notice look="good" title={t`None known`}>
        <p>
          <Trans>
            {name} asked, and wrote that down on {day}.
          </Trans>
        </p>
      </Notice>
    );
  }
  return (
    <Notice look="warn" title={t`Not known`}>
      <p>
        {isGuardian ? (
          <Trans>
            This does not mean that there are none; guardians are never told here that there are none. Ask the
            practitioner before a treatment.
          </Trans>
        ) : (
          <Trans>
            This does not mean that there are none: nobody has asked yet, or nobody has written it down. Tell the
            practitioner of those that you know of.
          </Trans>
        )}
      </p>
    </Notice>
  );
}
