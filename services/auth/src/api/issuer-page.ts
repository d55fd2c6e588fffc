import { fileUrl } from '@cabinet/kit/pages/files';
import { html } from '@cabinet/kit/pages/html';
import { page } from '@cabinet/kit/pages/page';

const frame = { process: 'sign in', pages: [{ name: 'Cabinet', path: '/' }] };

/** Where a browser arrives from an issuer. The script tells the API, and asks what the API wants to know. */
export const arrivalPage = (issuer: string): string =>
  page({
    frame,
    path: '',
    title: `Signing in by ${issuer}`,
    head: html`<script type="module" src="${fileUrl('elsewhere.js')}"></script>`,
    content: html`<noscript><p>This page needs JavaScript.</p></noscript>
<p id="problem" role="alert"></p>
<form id="activity" class="fields" hidden>
<label for="activities">Where do you work in this session?</label>
<select id="activities" name="activity" required></select>
<p class="actions"><button type="submit">Go on</button></p>
</form>
<form id="second" class="fields" hidden>
<label for="code">Code of your app, or a recovery code</label>
<input id="code" name="code" inputmode="text" autocomplete="one-time-code" required maxlength="40">
<p class="actions"><button type="submit">Sign in</button></p>
</form>`,
  });
