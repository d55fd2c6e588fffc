import { Trans } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { useIsBegun } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';

interface Props {
  label: ReactNode;
  /** The draft of the form. */
  form: string;
  children: (close: () => void) => ReactNode;
}

/** Opens a form over the page. */
export function FormButton({ label, form, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="desk" onClick={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen ? children(() => setOpen(false)) : <Begun form={form} />}
    </>
  );
}

/** Beside what opens a form: that something was typed there and is not sent. */
export const Begun = ({ form }: { form: string }) =>
  useIsBegun(form) && (
    <span className="text-sm text-warn">
      <Trans>begun, and not in the record yet</Trans>
    </span>
  );
