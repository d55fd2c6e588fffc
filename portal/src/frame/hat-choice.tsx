import { useLingui } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { chooseHat } from '../session/hat.ts';
import type { Person, Role } from '../session/person.ts';
import { roleNames } from '../words/roles.ts';

/** In which of their roles somebody works now. */
export function HatChoice({ person, hat }: { person: Person; hat: Role }) {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  return (
    <select
      aria-label={t`You work as`}
      value={hat}
      onChange={(event) => {
        chooseHat(event.target.value as Role);
        void go({ to: '/' });
      }}
      className="min-h-9 rounded-field border border-line bg-surface px-2"
    >
      {person.roles.map((role) => (
        <option key={role} value={role}>
          {i18n._(roleNames[role])}
        </option>
      ))}
    </select>
  );
}
