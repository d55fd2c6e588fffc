import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { type AuditSearch, exportAudit, exportMax } from '../api/audit.ts';
import type { AuditEvent } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { Notice } from '../ui/notice.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Unanswered } from '../ui/unanswered.tsx';
import { csvOf } from '../words/csv.ts';

interface Props {
  search: AuditSearch;
  /** Also what services do among themselves. */
  withServices: boolean;
  isOfServices: (event: AuditEvent) => boolean;
}

/** Named as the audit trails name them, for whoever reads the file by a program. */
const columns = [
  'service',
  'sequence',
  'at',
  'actor',
  'roles',
  'practitionerId',
  'onBehalfOf',
  'purpose',
  'action',
  'subjects',
  'outcome',
  'times',
  'requestId',
  'address',
] as const satisfies (keyof AuditEvent)[];

const lineOf = (event: AuditEvent): string[] =>
  columns.map((column) => {
    const value = event[column];
    return Array.isArray(value) ? value.join(' ') : String(value ?? '');
  });

/** Saves all lines that fit as a file, not only those that are shown; what is missing in it is said. */
export function AuditExport({ search, withServices, isOfServices }: Props) {
  const { t } = useLingui();
  const saving = useMutation({
    mutationFn: async () => {
      const { events, ...rest } = await exportAudit(search);
      const lines = events.filter((each) => withServices || !isOfServices(each));
      const csv = csvOf([[...columns], ...lines.map(lineOf)]);
      saveFile(new Blob([csv], { type: 'text/csv' }), `audit-${new Date().toISOString().slice(0, 10)}.csv`);
      return { ...rest, count: lines.length };
    },
  });
  return (
    <div className="grid gap-3">
      <div>
        <Button size="desk" onClick={() => saving.mutate()} isBusy={saving.isPending}>
          <Trans>Save all that fits as a file (CSV)</Trans>
        </Button>
      </div>
      {saving.error && <Failure error={saving.error} onRetry={() => saving.mutate()} />}
      {saving.data && (
        <>
          <Unanswered of={saving.data.unavailable} />
          <Notice
            look={saving.data.isCut ? 'warn' : 'good'}
            role="status"
            title={<Plural value={saving.data.count} one="# line is in the file" other="# lines are in the file" />}
          >
            {saving.data.isCut && (
              <p>
                {t`There are more than ${exportMax}, the latest of which were taken: narrow the search to have the others.`}
              </p>
            )}
          </Notice>
        </>
      )}
    </div>
  );
}
