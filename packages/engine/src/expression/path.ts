/** A document path with placeholders resolved: attribute and map member names, and list indexes. Never empty. */
export type Path = readonly (string | number)[];
