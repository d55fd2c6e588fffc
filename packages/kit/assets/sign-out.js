// The page by which the portal signs out: nobody is asked again. It runs in the browser.
document.querySelector('button[name=logout]').click();
