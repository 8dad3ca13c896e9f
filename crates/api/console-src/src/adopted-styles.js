import { useEffect } from "react";

/**
 * Stands in for `react-style-singleton` (scroll lock of menus and dialogs). The original injects a `<style>` element,
 * which `style-src 'self'` forbids; a constructed sheet is the same to the browser and needs no exception.
 */
export function stylesheetSingleton() {
  let users = 0;
  let sheet = null;
  return {
    add(css) {
      users += 1;
      if (users > 1) return;
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets.push(sheet);
    },
    remove() {
      users -= 1;
      if (users > 0) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((adopted) => adopted !== sheet);
    },
  };
}

export function styleHookSingleton() {
  const sheet = stylesheetSingleton();
  return (css, isDynamic) =>
    useEffect(() => {
      sheet.add(css);
      return () => sheet.remove();
    }, [css && isDynamic]);
}

export function styleSingleton() {
  const useStyle = styleHookSingleton();
  return function AdoptedStyle({ styles, dynamic }) {
    useStyle(styles, dynamic);
    return null;
  };
}
