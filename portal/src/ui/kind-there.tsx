import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { nameOfPractitioner } from '../api/practitioners.ts';
import type { Practitioner } from '../api/types.ts';
import { type Kind, kindLike } from '../words/visit-kinds.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ChoiceField } from './field.tsx';

interface Props {
  /** With whom it is to be. */
  practitioner: Practitioner;
  /** What it is now, as far as that is known. */
  kind?: Kind;
  onChoose: (appointmentTypeId: string) => void;
  onClose: () => void;
}

/** Which kind of visit it becomes with somebody who offers none of the same name: that is for the desk to say. */
export function KindThere({ practitioner, kind, onChoose, onClose }: Props) {
  const { t } = useLingui();
  const types = practitioner.appointmentTypes;
  const [chosen, choose] = useState(kindLike(practitioner, kind)?.id ?? '');
  const name = nameOfPractitioner(practitioner);
  return (
    <Dialog title={t`Move the appointment`} onClose={onClose}>
      {types.length === 0 ? (
        <p>
          <Trans>This practitioner offers no kind of visit yet.</Trans>
        </p>
      ) : (
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            onChoose(chosen);
          }}
        >
          <p>
            {kind ? (
              <Trans>
                {name} offers no “{kind.name}”.
              </Trans>
            ) : (
              <Trans>What kind of visit it is cannot be read.</Trans>
            )}
          </p>
          <KindChoice data-first practitioner={practitioner} value={chosen} onChange={choose} />
          <div>
            <Button type="submit" look="main">
              <Trans>Move it there</Trans>
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

interface ChoiceProps {
  practitioner: Practitioner;
  value: string;
  onChange: (id: string) => void;
  'data-first'?: true;
}

/** The kinds of visit of who takes it over. */
export function KindChoice({ practitioner, value, onChange, ...rest }: ChoiceProps) {
  const { t } = useLingui();
  return (
    <ChoiceField
      {...rest}
      label={t`Kind of visit there`}
      hint={t`It keeps its length.`}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {practitioner.appointmentTypes.map((each) => (
        <option key={each.id} value={each.id}>
          {t`${each.name}, ${each.minutes} minutes`}
        </option>
      ))}
    </ChoiceField>
  );
}
