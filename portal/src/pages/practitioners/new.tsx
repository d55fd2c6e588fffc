import { useLingui } from '@lingui/react/macro';
import { PractitionerRegister } from '../../forms/practitioner-register.tsx';
import { Page } from '../../ui/page.tsx';

/** Adds somebody with whom patients can book. */
export function NewPractitioner() {
  const { t } = useLingui();
  return (
    <Page title={t`Add a practitioner`}>
      <PractitionerRegister />
    </Page>
  );
}
