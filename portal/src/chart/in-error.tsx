import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { recordKey } from '../api/records.ts';
import type { MedicalRecord } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Remote } from '../ui/remote.tsx';
import { Cards } from './section.tsx';

interface Props<T extends { id: string }> {
  record: MedicalRecord;
  /** Of the section. */
  title: string;
  read: (patientId: string) => Promise<T[]>;
  children: (entry: T) => ReactNode;
}

/** Behind a list: what was entered in error, which counts for nothing, and stays readable when somebody asks for it. */
export function InError<T extends { id: string }>({ record, title, read, children }: Props<T>) {
  const { t } = useLingui();
  const [isOpened, setOpened] = useState(false);
  const found = useQuery({
    queryKey: [...recordKey(record.patientId), 'in error', title],
    enabled: isOpened,
    staleTime: 0,
    gcTime: 0,
    queryFn: () => read(record.patientId),
  });
  return (
    <>
      <div>
        <Button
          size="desk"
          look="quiet"
          aria-expanded={isOpened}
          aria-label={t`${title}: entered in error`}
          onClick={() => setOpened(!isOpened)}
        >
          <Trans>Entered in error</Trans>
        </Button>
      </div>
      {isOpened && (
        <Remote
          of={found}
          label={t`what was entered in error`}
          isNone={(items) => items.length === 0}
          none={<Trans>Nothing was entered in error.</Trans>}
        >
          {(items) => <Cards items={items}>{children}</Cards>}
        </Remote>
      )}
    </>
  );
}
