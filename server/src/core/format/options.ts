/** What users may decide about layout. Everything else is kept as it was written. */

/** Options of the formatter. */
export interface FormatOptions {
  /** The indentation of continued lines: blanks, or a tab. Null: as most of the file's continued instructions have it. */
  readonly indent: string | null;
  /** Where `&&` and `||` stand in a continued RUN: as written, at the beginning of a line, or at its end. */
  readonly operators: "keep" | "leading" | "trailing";
  /** A RUN on one line that is longer than this is split before each `&&`; 0 never splits. In UTF-16 characters. */
  readonly lineWidth: number;
  /** Most blank lines in a row between instructions. */
  readonly blankLines: number;
}

/** The file's own indentation, operators as written, lines up to 120, one blank line. */
export const defaultFormat: FormatOptions = { indent: null, operators: "keep", lineWidth: 120, blankLines: 1 };
