import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { buttonLook } from './button.tsx';

/** To the same agendas on paper, and as a picture. */
export const AgendaLinks = ({ day, who }: { day?: string; who?: string }) => (
  <>
    <Link to="/agendas/print" search={{ day, who }} className={buttonLook({ size: 'desk' })}>
      <Trans>Day list</Trans>
    </Link>
    <Link to="/agendas/glance" search={{ day, who }} className={buttonLook({ size: 'desk' })}>
      <Trans>At a glance</Trans>
    </Link>
  </>
);
