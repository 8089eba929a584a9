/** The product's version; a test holds it to what package.json says. */
export const version = "0.1.0";
