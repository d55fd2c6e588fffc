import { fileUrl } from '@cabinet/kit/pages/files';
import { Html, html } from '@cabinet/kit/pages/html';
import { page, pageHeaders, withScripts } from '@cabinet/kit/pages/page';
import type { Interaction } from '../domain/interaction.js';
import type { TrustedIssuer } from '../domain/trusted-issuer.js';

const frame = { process: 'sign in', pages: [{ name: 'Cabinet', path: '/' }] };

const shown = (title: string, content: Html, head?: Html) => page({ frame, path: '', title, content, head });

/** Where somebody may sign in besides. */
export type NamedIssuer = Pick<TrustedIssuer, 'id' | 'name'>;

/** What scopes mean to the one who allows them. */
const meanings: Record<string, string> = {
  openid: 'know that it is you',
  email: 'know the e-mail address that you sign in with',
  cabinet:
    'act here in your name, with everything that you may see and do yourself, but for how you and others sign in',
};

const script = html`<script type="module" src="${fileUrl('sign-in.js')}"></script>`;
const needsScript = html`<noscript><p>This page needs JavaScript.</p></noscript>
<p id="problem" role="alert"></p>`;

/** Where a client's question is answered. The script asks the API; the page holds nothing but words. */
export function interactionPage({ asks, client, wanted }: Interaction, issuers: readonly NamedIssuer[]): string {
  if (asks === 'sign-in') return shown('Sign in', signInForm(client.name, issuers), script);
  const items = wanted.map((scope) => html`<li>${meanings[scope] ?? scope}</li>`);
  const content = html`${needsScript}
<p><strong>${client.name}</strong> asks to</p>
<ul>${items}</ul>
<p>It may until you sign out here.</p>
<p class="actions"><button type="button" id="allow">Allow</button>
<button type="button" id="refuse">Refuse</button></p>`;
  return shown(`Allow ${client.name}?`, content, script);
}

const signInForm = (client: string, issuers: readonly NamedIssuer[]): Html => html`${needsScript}
<p>To go on to <strong>${client}</strong>.</p>
<form id="sign-in" class="fields" hidden>
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username webauthn" required maxlength="254">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256">
<div id="second" hidden>
<label for="code">Code of your app, or a recovery code</label>
<input id="code" name="code" inputmode="text" autocomplete="one-time-code" maxlength="40">
</div>
<p class="actions"><button type="submit">Sign in</button>
<button type="button" id="passkey">Use a passkey</button>
<button type="button" id="refuse">Cancel</button></p>
${issuers.length > 0 ? buttonsOf(issuers) : undefined}
</form>`;

const buttonsOf = (issuers: readonly NamedIssuer[]): Html => html`<p class="actions">Or sign in by
${issuers.map(({ id, name }) => html`<button type="button" data-issuer="${id}">${name}</button>`)}</p>`;

export const noInteractionPage = (): string =>
  shown(
    'This sign-in has ended',
    html`<p>It was answered, is older than ten minutes, or was begun in another browser. Go back to where you came from, and begin
again.</p>`,
  );

export const interactionPolicy = withScripts;

/** The policy holds for where the form is led on to as well. */
const sendsForm = (leadsTo?: string) => ({ 'form-action': `'self'${leadsTo ? ` ${new URL(leadsTo).origin}` : ''}` });

/** Pages of the provider itself; see data/oidc/provider.ts. */
export const oidcPages = {
  askToSignOut(form: string, leadsTo?: string) {
    const text = shown(
      'Sign out?',
      html`<p>You are signed out of this browser, here and wherever you have signed in with it.</p>
${new Html(form)}
<p class="actions"><button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<button type="submit" form="op.logoutForm">Stay signed in</button></p>`,
    );
    return { text, headers: pageHeaders(sendsForm(leadsTo)) };
  },
  signOut(form: string, leadsTo?: string) {
    const content = html`${new Html(form)}
<p class="actions"><button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button></p>`;
    const sends = html`<script type="module" src="${fileUrl('sign-out.js')}"></script>`;
    const headers = pageHeaders({ ...withScripts, ...sendsForm(leadsTo) });
    return { text: shown('You are being signed out', content, sends), headers };
  },
  signedOut: () => ({
    text: shown('You are signed out', html`<p>You may close this page.</p>`),
    headers: pageHeaders(),
  }),
  refused: ({ error, error_description }: { error: string; error_description?: string }) => ({
    text: shown(
      'This cannot be done',
      html`<p>What has led you here has asked for something that is not allowed, or too late. Go back to it, and begin again.</p>
<p><code>${error}</code> ${error_description}</p>`,
    ),
    headers: pageHeaders(),
  }),
};
