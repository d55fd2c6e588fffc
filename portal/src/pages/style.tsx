import { type ReactNode, useState } from 'react';
import { Refused, Unreachable } from '../api/problem.ts';
import type { Slot } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { ChoiceField, LongTextField, TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Loading, Remote } from '../ui/remote.tsx';
import { SlotDays } from '../ui/slot-days.tsx';
import { Tick } from '../ui/tick.tsx';

// Shown in development alone, to who makes pages; its words are not those of the clinic and are not translated.

const refused = (status: number, code: string, more: object = {}) =>
  new Refused({ status, code, title: '', fields: [], requestId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11', ...more }, 5);

const failures = [
  refused(403, 'ACCESS.ROLE_NOT_ALLOWED'),
  refused(409, 'APPOINTMENT.SLOT_TAKEN'),
  refused(412, 'REQUEST.STALE'),
  refused(422, 'REQUEST.INVALID', { fields: [{ path: 'telecom[0].value', code: 'INVALID', message: 'is no number' }] }),
  refused(428, 'REQUEST.VERSION_MISSING'),
  refused(429, 'GATEWAY.TOO_MANY_REQUESTS'),
  refused(500, 'INTERNAL'),
  refused(503, 'GATEWAY.NO_INSTANCE'),
  new Unreachable(undefined),
];

const remote = { isPending: false, isFetching: false, refetch: () => undefined };
const old = Date.now() - 5 * 60_000;

const slot = (start: string, minutes: number, doubt?: Slot['doubt']): Slot => ({
  start,
  end: new Date(Date.parse(start) + minutes * 60_000).toISOString(),
  zone: 'Europe/Paris',
  practitionerId: 'p',
  placeId: 'c',
  appointmentTypeId: 't',
  doubt,
});

const night = [
  slot('2026-10-25T00:30:00Z', 15),
  slot('2026-10-25T01:30:00Z', 15, 'warn'),
  slot('2026-10-26T08:00:00Z', 30),
];

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="grid gap-3">
    <h2>{title}</h2>
    {children}
  </section>
);

/** Every component in every state. */
const days = [
  { value: 'mon', label: 'Monday', beside: '3 times' },
  { value: 'tue', label: 'Tuesday' },
];

export function Style() {
  const [isOpen, setOpen] = useState(false);
  const [isTicked, setTicked] = useState(true);
  const [chosen, setChosen] = useState(['mon']);
  return (
    <Page title="Style">
      <Part title="Buttons">
        {(['large', 'desk'] as const).map((size) => (
          <div key={size} className="flex flex-wrap gap-3">
            {(['main', 'plain', 'quiet', 'danger'] as const).map((look) => (
              <Button key={look} look={look} size={size}>
                {look}
              </Button>
            ))}
            <Button size={size} isBusy>
              busy
            </Button>
            <Button size={size} disabled>
              disabled
            </Button>
          </div>
        ))}
      </Part>
      <Part title="Fields">
        <TextField label="Name" hint="As on the card" defaultValue="Zoë 𝒪’Brien שלום" />
        <TextField label="Birth date" problem="The month is between 1 and 12" defaultValue="1955" />
        <ChoiceField label="Place">
          <option>Lyon</option>
        </ChoiceField>
        <LongTextField label="Why" />
        <Choices
          isRow
          legend="Days"
          problem="Choose at least one"
          options={days}
          chosen={chosen}
          onChange={setChosen}
        />
        <Choices isOne legend="Kind of visit" options={days} chosen={chosen.slice(0, 1)} onChange={setChosen} />
        <Tick is={isTicked} onChange={setTicked}>
          Show what I type
        </Tick>
      </Part>
      <Part title="Notices">
        {(['plain', 'good', 'warn', 'bad'] as const).map((look) => (
          <Notice key={look} look={look} title={look}>
            <p>What it is, and what to do.</p>
          </Notice>
        ))}
      </Part>
      <Part title="The four states">
        <Card>
          <Loading label="appointments" />
        </Card>
        <Remote
          of={{ ...remote, data: [], error: null, dataUpdatedAt: old }}
          label=""
          isNone={() => true}
          none="There is none."
        >
          {() => null}
        </Remote>
        <Remote of={{ ...remote, data: undefined, error: failures[7] as Error, dataUpdatedAt: 0 }} label="">
          {() => null}
        </Remote>
        <Remote of={{ ...remote, data: ['one'], error: failures[7] as Error, dataUpdatedAt: old }} label="">
          {([one]) => <Card>{one}</Card>}
        </Remote>
      </Part>
      <Part title="Failures">
        {failures.map((error) => (
          <Failure key={error.message} error={error} onRetry={() => undefined} role="status" />
        ))}
      </Part>
      <Part title="Free times, in the night in which the clock is put back">
        <SlotDays slots={night} practitioner="Anne Bernard" onChoose={() => undefined} />
      </Part>
      <Part title="Dialog">
        <div>
          <Button onClick={() => setOpen(true)}>Open</Button>
        </div>
        {isOpen && (
          <Dialog title="Are you sure?" onClose={() => setOpen(false)}>
            <Button look="main" onClick={() => setOpen(false)}>
              Yes
            </Button>
          </Dialog>
        )}
      </Part>
    </Page>
  );
}
