import { Trans } from '@lingui/react/macro';
import type { relationTo } from '../session/person.ts';
import { Notice } from './notice.tsx';

/** To somebody for whom a record is closed: why, and whom to ask. */
export const RecordClosed = ({ as }: { as: ReturnType<typeof relationTo> }) => (
  <Notice>
    <p>
      {as === 'guardian' ? (
        <Trans>
          At this age the medical record is the young person’s own: ask them to show it to you, or ask the practice.
        </Trans>
      ) : as === 'carer' ? (
        <Trans>
          You act as carer, but not in the medical record: ask the one for whom you act, who can add it under “Family
          and carers”.
        </Trans>
      ) : (
        <Trans>
          A medical record is read here by its patient, and by those who act for them in it: if that is you, ask the
          practice.
        </Trans>
      )}
    </p>
  </Notice>
);
