import { Trans } from '@lingui/react/macro';
import { useEmailsOf } from '../api/users.ts';
import { usePerson } from '../session/use-session.ts';

/** Who set something, of whom a user id is kept: administrators read the address, all others whether it was they. */
export function AuthorName({ id }: { id: string | undefined }) {
  const person = usePerson();
  const isAdmin = person.roles.includes('admin');
  const emails = useEmailsOf(id ? [id] : [], isAdmin);
  if (id === person.id) return <Trans>you</Trans>;
  const email = id && emails.get(id);
  if (email) return email;
  if (!isAdmin || !id) return <Trans>a colleague</Trans>;
  return (
    <Trans>
      a colleague (<code className="break-all">{id}</code>)
    </Trans>
  );
}
