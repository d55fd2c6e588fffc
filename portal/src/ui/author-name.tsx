import { Trans } from '@lingui/react/macro';
import { useUserEmails } from '../api/users.ts';
import { usePerson } from '../session/use-session.ts';

/** Who set something, of whom a user id is kept: administrators read the address, all others whether it was they. */
export function AuthorName({ id }: { id: string | undefined }) {
  const person = usePerson();
  const emails = useUserEmails(person.roles.includes('admin'));
  if (id === person.id) return <Trans>you</Trans>;
  return (
    (id && emails.get(id)) ?? (
      <Trans>
        a colleague (<code className="break-all">{id ?? '–'}</code>)
      </Trans>
    )
  );
}
