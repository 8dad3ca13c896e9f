/** Filled in after what axe finds. */
export function watchAccessibility(root) { void root; }
