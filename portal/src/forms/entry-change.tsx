import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { type ComponentType, type ReactNode, useState } from 'react';
import { problemOf } from '../api/problem.ts';
import { useRecordChanged } from '../api/record-entries.ts';
import { useDraft, useLeaveQuestion } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { EntryCompared } from '../ui/entry-compared.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import type { Line } from '../words/clinical-lines.ts';
import { type Filled, useProblems } from './entry-fields.ts';

interface Props<V extends object> {
  patientId: string;
  title: string;
  /** Names the draft. */
  form: string;
  entry: { version: number };
  /** Somebody has taken it out since: there is nothing left to change. */
  isGone: boolean;
  /** The entry as it is stored, in fields. */
  stored: V;
  places: readonly string[];
  lacksOf: (values: V) => string[];
  /** The same at each drawing: made anew, it would lose the focus. */
  Fields: ComponentType<Filled<V>>;
  /** All that the entry says as it is stored; by default what it says with the stored values. */
  now?: Line[];
  /** All that the entry says with these values in its fields. */
  linesOf: (values: V) => Line[];
  /** @param values left out: the entry was entered in error */
  amend: (amendmentReason: string, values?: V) => Promise<unknown>;
  /** What is mostly the reason. */
  reason?: string;
  /** What the button says, where there is but one thing to change; by default "Change", and it can be taken out as well. */
  verb?: ReactNode;
  onDone: () => void;
  onClose: () => void;
}

/** Why, and in which version the entry was when the first word was typed. */
const unsaid: { reason?: string; begunOn?: number } = {};

/**
 * Changes what an entry of a record says, or takes it out as entered in error, and says why; what it said before stays readable.
 * What is typed is a draft. Whenever somebody else has changed the entry since it was begun, what it says now stands beside what was
 * typed, before that is sent.
 */
export function EntryChange<V extends object>(props: Props<V>) {
  const { patientId, title, form, entry, isGone, stored, places, lacksOf, Fields, linesOf, amend, verb } = props;
  const { t } = useLingui();
  const changed = useRecordChanged(patientId);
  const draft = useDraft(form, stored);
  const why = useDraft(`${form}/why`, unsaid);
  const [isTried, setTried] = useState(false);
  const { reason = props.reason ?? '', begunOn = entry.version } = why.values;
  const lacks = [...lacksOf(draft.values), ...(reason.trim() === '' ? ['amendmentReason'] : [])];
  const isDirty = draft.isDirty || why.isDirty;
  const clear = () => {
    draft.clear();
    why.clear();
  };
  useLeaveQuestion(isDirty);
  const amending = useMutation({
    mutationFn: (values?: V) => amend(reason.trim(), values),
    onSuccess: () => {
      clear();
      changed();
      props.onDone();
      props.onClose();
    },
    onError: (error) => {
      if ([404, 409, 412].includes(problemOf(error)?.status ?? 0)) changed();
    },
  });
  const { problemAt, isSaidAtFields } = useProblems(amending.error, {
    lacks: isTried ? lacks : [],
    places: [...places, 'amendmentReason'],
  });
  const now = props.now ?? linesOf(stored);
  const typed = lacksOf(draft.values).length === 0 ? linesOf(draft.values) : now;
  const isChanged = typed.some(({ text }, nth) => text !== now[nth]?.text);
  const isOvertaken = begunOn !== entry.version || problemOf(amending.error)?.status === 412;
  const send = (values?: V) => {
    setTried(true);
    const stops = values ? lacks : lacks.filter((place) => place === 'amendmentReason');
    if (stops.length === 0 && !amending.isPending) amending.mutate(values);
  };
  return (
    <Dialog title={title} onClose={props.onClose}>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged || lacks.length > 0) send(draft.values);
        }}
      >
        <Fields
          values={draft.values}
          set={(change) => {
            draft.set(change);
            why.set({ begunOn });
          }}
          problemAt={problemAt}
        />
        <TextField
          label={t`Why it is changed`}
          isNeeded
          hint={t`It stays readable what it said before, and why it was changed.`}
          maxLength={500}
          value={reason}
          problem={problemAt('amendmentReason')}
          onChange={(event) => why.set({ begunOn, reason: event.target.value })}
        />
        {amending.error && <Failure error={amending.error} isSaidAtFields={isSaidAtFields} />}
        {isGone ? (
          <Notice look="warn" role="alert" title={t`Somebody has taken this out as entered in error`}>
            <p>
              <Trans>There is nothing left to change. What you typed can be recorded anew.</Trans>
            </p>
          </Notice>
        ) : (
          isOvertaken && <EntryCompared now={now} typed={typed} />
        )}
        <div className="flex flex-wrap gap-3">
          <Button
            type="submit"
            look="main"
            disabled={isGone || (!isChanged && lacksOf(draft.values).length === 0)}
            isBusy={amending.isPending}
          >
            {verb ?? <Trans>Change</Trans>}
          </Button>
          {!verb && (
            <Button look="danger" disabled={isGone} onClick={() => send()}>
              <Trans>It was entered in error</Trans>
            </Button>
          )}
          {isDirty && (
            <Button look="quiet" onClick={clear}>
              <Trans>Take back what I typed</Trans>
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
