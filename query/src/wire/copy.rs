//! `COPY (query) TO STDOUT`: PostgreSQL's text, CSV and binary formats.

use arrow::datatypes::SchemaRef;
use pgwire::messages::copy::CopyOutResponse;

use super::encode::{Column, Format};
use super::rows::{field, framed};
use crate::gate::{CopyFormat, CopyKind};

/// Signature, flags and length of the extension of a binary copy.
const BINARY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// How the lines of one copy are written.
pub(super) struct Copy {
    format: CopyFormat,
    /// A lone `\.` would end the copy for older readers, so that CSV quotes it.
    single_column: bool,
    /// Whether the binary header is still to be written. It comes in the message of the first row, where
    /// PostgreSQL puts it and psycopg looks for it.
    header_due: bool,
}

impl Copy {
    pub(super) fn new(format: CopyFormat, schema: &SchemaRef) -> Copy {
        let header_due = format.kind == CopyKind::Binary;
        Copy { format, single_column: schema.fields().len() == 1, header_due }
    }

    /// What the client reads before the first line.
    pub(super) fn response(&self, schema: &SchemaRef) -> CopyOutResponse {
        let columns = i16::try_from(schema.fields().len()).unwrap_or(i16::MAX);
        let binary = self.format.kind == CopyKind::Binary;
        CopyOutResponse::new(i8::from(binary), columns, vec![i16::from(binary); schema.fields().len()])
    }

    /// The line of column names, if it is asked for.
    pub(super) fn header(&self, schema: &SchemaRef, out: &mut Vec<u8>) {
        if self.format.header && self.format.kind != CopyKind::Binary {
            framed(out, b'd', |out| {
                for (at, column) in schema.fields().iter().enumerate() {
                    self.delimit(at, out);
                    self.value(column.name().as_bytes(), out);
                }
                out.push(b'\n');
            });
        }
    }

    /// What ends the binary format.
    pub(super) fn trailer(&mut self, out: &mut Vec<u8>) {
        if self.format.kind == CopyKind::Binary {
            framed(out, b'd', |out| {
                self.binary_header(out);
                out.extend_from_slice(&(-1_i16).to_be_bytes());
            });
        }
    }

    fn binary_header(&mut self, out: &mut Vec<u8>) {
        if std::mem::take(&mut self.header_due) {
            out.extend_from_slice(BINARY_HEADER);
        }
    }

    fn delimit(&self, at: usize, out: &mut Vec<u8>) {
        if at > 0 {
            push(self.format.delimiter, out);
        }
    }

    fn value(&self, text: &[u8], out: &mut Vec<u8>) {
        match self.format.kind {
            CopyKind::Csv => self.csv(text, out),
            CopyKind::Text | CopyKind::Binary => self.escaped(text, out),
        }
    }

    fn csv(&self, text: &[u8], out: &mut Vec<u8>) {
        let mut buffer = [0; 4];
        let delimiter = self.format.delimiter.encode_utf8(&mut buffer).as_bytes();
        let mut buffer = [0; 4];
        let quote = self.format.quote.encode_utf8(&mut buffer).as_bytes();
        let has = |part: &[u8]| text.windows(part.len()).any(|window| window == part);
        let quoted = text == self.format.null.as_bytes()
            || (self.single_column && text == b"\\.")
            || text.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
            || has(delimiter)
            || has(quote);
        if !quoted {
            return out.extend_from_slice(text);
        }
        push(self.format.quote, out);
        // Every text here is UTF-8, and so is what is cut from it at characters.
        for character in String::from_utf8_lossy(text).chars() {
            if character == self.format.quote || character == self.format.escape {
                push(self.format.escape, out);
            }
            push(character, out);
        }
        push(self.format.quote, out);
    }

    fn escaped(&self, text: &[u8], out: &mut Vec<u8>) {
        let delimiter = u8::try_from(self.format.delimiter).unwrap_or(b'\t');
        for byte in text {
            let escape = match byte {
                b'\\' => b'\\',
                0x08 => b'b',
                0x0c => b'f',
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                0x0b => b'v',
                byte if *byte == delimiter => delimiter,
                byte => {
                    out.push(*byte);
                    continue;
                }
            };
            out.extend_from_slice(&[b'\\', escape]);
        }
    }
}

fn push(character: char, out: &mut Vec<u8>) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// One row as a message of its own.
pub(super) fn line(copy: &mut Copy, columns: &[Column], row: usize, out: &mut Vec<u8>) {
    framed(out, b'd', |out| {
        if copy.format.kind == CopyKind::Binary {
            copy.binary_header(out);
            out.extend_from_slice(&(columns.len() as u16).to_be_bytes());
            return columns.iter().for_each(|column| field(column, row, Format::Binary, out));
        }
        let mut text = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            copy.delimit(at, out);
            if column.is_null(row) {
                out.extend_from_slice(copy.format.null.as_bytes());
                continue;
            }
            text.clear();
            column.write(row, Format::Text, &mut text);
            copy.value(&text, out);
        }
        out.push(b'\n');
    });
}
