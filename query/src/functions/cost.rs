//! What a row of a function costs before it is computed, in bytes, never less than the result.
//!
//! One line of [`Cost::of`] for each function that can make much out of little. A function that is not named there
//! gives at most a few times what it takes.

use arrow::array::{Array, ArrayRef, AsArray, GenericListArray, OffsetSizeTrait};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, IntervalMonthDayNanoType, TimeUnit};
use datafusion::common::Result;
use datafusion::logical_expr::ColumnarValue;

/// How the size of a result follows from the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    /// A text as often as a number says.
    Repeat,
    /// A text filled up to a number of characters.
    Pad,
    /// All arguments together; the first may stand between each two others.
    Sum,
    /// A text in which each match is replaced.
    Replace,
    /// A text of which each byte may become four.
    Translate,
    /// A format, each field written out.
    Format,
    /// A list as text, with a text between each two elements.
    ListText,
    /// A list of a text's parts.
    Split,
    /// A list of so many copies.
    ListRepeat,
    /// A list of the values between two.
    Range,
    /// A list of so many elements.
    ListResize,
    /// Lists together.
    ListSum,
    /// A list in which elements are replaced.
    ListReplace,
    /// No memory but time: each byte of the one with each of the other.
    Compare,
    /// Time, and a part of what is read: each byte of a text, once for each step into it.
    Read,
}

/// A character of UTF-8 takes at most this many bytes.
const CHARACTER_BYTES_MAX: usize = 4;

/// An element of a list takes at least this: its offset, or its value.
const ELEMENT_BYTES: usize = 8;

/// A number, time or truth value as text takes at most this.
const WRITTEN_BYTES: usize = 48;

/// So many comparisons of bytes are counted as one byte of cost.
const COMPARISONS: usize = 16;

impl Cost {
    /// The cost of a function by name; none if it cannot grow.
    pub(super) fn of(name: &str) -> Option<Cost> {
        Some(match name {
            "repeat" => Cost::Repeat,
            "lpad" | "rpad" => Cost::Pad,
            "concat" | "concat_ws" | "overlay" | super::concat::NAME => Cost::Sum,
            "replace" | "regexp_replace" => Cost::Replace,
            "translate" => Cost::Translate,
            "to_char" | "date_format" => Cost::Format,
            "array_to_string" => Cost::ListText,
            "string_to_array" => Cost::Split,
            "array_repeat" => Cost::ListRepeat,
            "range" | "generate_series" => Cost::Range,
            "array_resize" => Cost::ListResize,
            "make_array" | "array_append" | "array_prepend" | "array_concat" | "array_union"
            | "arrays_zip" | "struct" | "named_struct" | "map" | "array_insert" => Cost::ListSum,
            "array_replace" | "array_replace_n" | "array_replace_all" => Cost::ListReplace,
            "levenshtein" | "strpos" | "regexp_like" | "regexp_match" | "regexp_count" | "regexp_instr"
            | "array_has_all" | "array_has_any" | "array_except" | "array_intersect" | "find_in_set" => {
                Cost::Compare
            }
            super::json::GET | super::json::GET_TEXT | super::json::PATH_TEXT => Cost::Read,
            _ => return None,
        })
    }

    /// Whether the result is an array or a structure.
    pub(super) fn is_array(self) -> bool {
        matches!(
            self,
            Cost::Split
                | Cost::ListRepeat
                | Cost::Range
                | Cost::ListResize
                | Cost::ListSum
                | Cost::ListReplace
        )
    }

    /// Whether it is time that is limited.
    pub(super) fn is_work(self) -> bool {
        matches!(self, Cost::Compare | Cost::Read)
    }

    /// The cost of one row.
    pub(super) fn of_row(self, args: &[Measured], row: usize) -> usize {
        let bytes = |at: usize| args.get(at).map_or(0, |arg| arg.bytes(row));
        let elements = |at: usize| args.get(at).map_or(0, |arg| arg.elements(row));
        let count = |at: usize| args.get(at).map_or(0, |arg| usize::try_from(arg.number(row)).unwrap_or(0));
        let sum = || (0..args.len()).map(bytes).fold(0, usize::saturating_add);
        match self {
            Cost::Repeat => bytes(0).saturating_mul(count(1)),
            Cost::Pad => count(1).saturating_mul(CHARACTER_BYTES_MAX),
            Cost::Sum => sum().saturating_add(bytes(0).saturating_mul(args.len())),
            Cost::Replace => {
                let matches = (bytes(0) / bytes(1).max(1)).saturating_add(1);
                let regex_may_match_empty = args.len() > 3;
                let matches = if regex_may_match_empty { bytes(0).saturating_add(1) } else { matches };
                bytes(0).saturating_add(matches.saturating_mul(bytes(2).saturating_add(1)))
            }
            Cost::Translate => bytes(0).saturating_mul(CHARACTER_BYTES_MAX),
            Cost::Format => bytes(1).saturating_mul(WRITTEN_BYTES),
            Cost::ListText => {
                let each = bytes(1).saturating_add(bytes(2)).saturating_add(WRITTEN_BYTES);
                bytes(0).saturating_add(elements(0).saturating_mul(each))
            }
            Cost::Split => bytes(0).saturating_mul(2 * ELEMENT_BYTES),
            Cost::ListRepeat => bytes(0).saturating_add(ELEMENT_BYTES).saturating_mul(count(1)),
            Cost::Range => range_elements(args, row).saturating_mul(ELEMENT_BYTES),
            Cost::ListResize => {
                let each = bytes(2).saturating_add(ELEMENT_BYTES);
                bytes(0).saturating_add(count(1).saturating_mul(each))
            }
            Cost::ListSum => sum().saturating_add(args.len() * ELEMENT_BYTES),
            Cost::ListReplace => bytes(0).saturating_add(elements(0).saturating_mul(bytes(2))),
            Cost::Compare => bytes(0).saturating_mul(bytes(1).max(1)) / COMPARISONS,
            Cost::Read => bytes(0).saturating_mul(args.len()),
        }
    }
}

/// How many values lie between two, by the step or by a unit of one.
fn range_elements(args: &[Measured], row: usize) -> usize {
    let number = |at: usize| args.get(at).map(|arg| i128::from(arg.number(row)));
    let (Some(first), second, step) = (number(0), number(1), number(2)) else { return 0 };
    let span = second.map_or(first, |second| second - first).unsigned_abs();
    let step = step.unwrap_or(1).unsigned_abs().max(1);
    usize::try_from(span / step).unwrap_or(usize::MAX).saturating_add(1)
}

/// An argument, ready to be asked for its sizes.
pub(super) struct Measured {
    /// One row for a constant.
    constant: bool,
    shape: Shape,
}

enum Shape {
    /// Bytes of each row.
    Bytes(Vec<usize>),
    /// Numbers; times in nanoseconds, intervals with months of 28 days.
    Numbers(Vec<i64>),
    /// Elements of each row, and bytes of one on average.
    Elements(Vec<usize>, usize),
    /// Bytes of a row on average.
    Average(usize),
}

impl Measured {
    pub(super) fn new(arg: &ColumnarValue) -> Result<Measured> {
        match arg {
            ColumnarValue::Scalar(scalar) => Measured::of(&scalar.to_array()?, true),
            ColumnarValue::Array(array) => Measured::of(array, false),
        }
    }

    /// The sizes of an array's rows; of one row that stands for all if it is a constant.
    pub(super) fn of(array: &ArrayRef, constant: bool) -> Result<Measured> {
        Ok(Measured { constant, shape: shape(array)? })
    }

    /// The size of all rows.
    pub(super) fn total(&self, rows: usize) -> usize {
        (0..rows).map(|row| self.bytes(row)).fold(0, usize::saturating_add)
    }

    fn at(&self, row: usize) -> usize {
        if self.constant { 0 } else { row }
    }

    pub(super) fn bytes(&self, row: usize) -> usize {
        match &self.shape {
            Shape::Bytes(bytes) => bytes.get(self.at(row)).copied().unwrap_or(0),
            Shape::Numbers(_) => ELEMENT_BYTES,
            Shape::Elements(elements, each) => {
                elements.get(self.at(row)).map_or(0, |elements| elements.saturating_mul(*each))
            }
            Shape::Average(bytes) => *bytes,
        }
    }

    fn elements(&self, row: usize) -> usize {
        match &self.shape {
            Shape::Elements(elements, _) => elements.get(self.at(row)).copied().unwrap_or(0),
            _ => 0,
        }
    }

    fn number(&self, row: usize) -> i64 {
        match &self.shape {
            Shape::Numbers(numbers) => numbers.get(self.at(row)).copied().unwrap_or(0),
            _ => 0,
        }
    }
}

fn shape(array: &ArrayRef) -> Result<Shape> {
    let average = || Shape::Average(memory(array) / array.len().max(1));
    Ok(match array.data_type() {
        DataType::Utf8 => lengths(array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => lengths(array.as_string::<i64>().iter()),
        DataType::Utf8View => lengths(array.as_string_view().iter()),
        DataType::Dictionary(_, values) if values.is_string() => shape(&cast(array, &DataType::Utf8View)?)?,
        DataType::List(_) => lists(array.as_list::<i32>()),
        DataType::LargeList(_) => lists(array.as_list::<i64>()),
        DataType::Interval(_) => {
            let months = cast(array, &DataType::Interval(arrow::datatypes::IntervalUnit::MonthDayNano))?;
            let months = months.as_primitive::<IntervalMonthDayNanoType>();
            const DAY_NANOSECONDS: i64 = 86_400_000_000_000;
            let each = months.iter().map(|interval| {
                interval.map_or(0, |interval| {
                    let days = i64::from(interval.months) * 28 + i64::from(interval.days);
                    days.saturating_mul(DAY_NANOSECONDS).saturating_add(interval.nanoseconds)
                })
            });
            Shape::Numbers(each.collect())
        }
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, _) => {
            let times = cast(array, &DataType::Timestamp(TimeUnit::Nanosecond, None))
                .and_then(|times| cast(&times, &DataType::Int64));
            match times {
                Ok(times) => numbers(&times),
                Err(_) => average(),
            }
        }
        ty if ty.is_numeric() => match cast(array, &DataType::Int64) {
            Ok(cast) => numbers(&cast),
            Err(_) => average(),
        },
        DataType::Null => Shape::Average(0),
        _ => average(),
    })
}

/// What an array's own rows take, of buffers that it may share with others.
fn memory(array: &ArrayRef) -> usize {
    array.to_data().get_slice_memory_size().unwrap_or_else(|_| array.get_array_memory_size())
}

fn lists<Offset: OffsetSizeTrait>(lists: &GenericListArray<Offset>) -> Shape {
    let lengths: Vec<usize> = (0..lists.len()).map(|row| lists.value_length(row).as_usize()).collect();
    let first = lists.value_offsets().first().map_or(0, |offset| offset.as_usize());
    let elements = lengths.iter().sum::<usize>();
    let values = lists.values().slice(first, elements.min(lists.values().len() - first));
    Shape::Elements(lengths, memory(&values) / elements.max(1) + ELEMENT_BYTES)
}

fn lengths<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> Shape {
    Shape::Bytes(texts.map(|text| text.map_or(0, str::len)).collect())
}

fn numbers(array: &ArrayRef) -> Shape {
    Shape::Numbers(array.as_primitive::<Int64Type>().iter().map(Option::unwrap_or_default).collect())
}
