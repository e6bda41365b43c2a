//! Vectorscan, the open fork of Hyperscan, in block mode over the raw text, every pattern with its start offset.
//!
//! Loaded at run time, so that this crate builds where it is not installed. The declarations are those of `hs.h` 5.4.

use std::cell::UnsafeCell;
use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_ulonglong, c_void};
use std::ptr::null_mut;

use crate::rules::Rule;
use crate::spans::Span;

const LIBRARY: &CStr = c"libhs.so.5";
const INSTALL: &str = "not found; on Debian: apt-get install libvectorscan5";

const SOM_LEFTMOST: c_uint = 256;
const MODE_BLOCK: c_uint = 1;

#[repr(C)]
struct CompileError {
    message: *const c_char,
    expression: c_int,
}

type OnMatch = extern "C" fn(c_uint, c_ulonglong, c_ulonglong, c_uint, *mut c_void) -> c_int;
type Version = unsafe extern "C" fn() -> *const c_char;
type CompileMulti = unsafe extern "C" fn(
    *const *const c_char,
    *const c_uint,
    *const c_uint,
    c_uint,
    c_uint,
    *const c_void,
    *mut *mut c_void,
    *mut *mut CompileError,
) -> c_int;
type AllocScratch = unsafe extern "C" fn(*const c_void, *mut *mut c_void) -> c_int;
type Scan = unsafe extern "C" fn(
    *const c_void,
    *const c_char,
    c_uint,
    c_uint,
    *mut c_void,
    OnMatch,
    *mut c_void,
) -> c_int;

/// Compiled patterns and what a scan with them needs. Lives as long as the process.
pub(crate) struct Database {
    rules: &'static [Rule],
    database: *mut c_void,
    scratch: *mut c_void,
    scan: Scan,
    version: String,
    /// Rule, start and end of each match of the scan under way.
    matches: UnsafeCell<Vec<(u32, u64, u64)>>,
}

impl Database {
    /// Compiles the rules; the error says what is missing and how to get it, or which rule is refused.
    pub(crate) fn compile(rules: &'static [Rule]) -> Result<Database, String> {
        let patterns: Vec<CString> =
            rules.iter().map(|rule| CString::new(rule.pattern).expect("no NUL")).collect();
        let pointers: Vec<*const c_char> = patterns.iter().map(|pattern| pattern.as_ptr()).collect();
        let flags = vec![SOM_LEFTMOST; rules.len()];
        let ids: Vec<c_uint> = (0..rules.len() as c_uint).collect();
        // SAFETY: the library is of major version 5, whose functions have these types; every pointer that it is given
        // outlives the call, and it writes only to the pointers it is given for that.
        unsafe {
            let library = libc::dlopen(LIBRARY.as_ptr(), libc::RTLD_NOW);
            if library.is_null() {
                return Err(INSTALL.to_owned());
            }
            let symbol = |name: &CStr| {
                let symbol = libc::dlsym(library, name.as_ptr());
                if symbol.is_null() { Err(format!("{LIBRARY:?} has no {name:?}")) } else { Ok(symbol) }
            };
            let version: Version = std::mem::transmute(symbol(c"hs_version")?);
            let compile: CompileMulti = std::mem::transmute(symbol(c"hs_compile_multi")?);
            let alloc: AllocScratch = std::mem::transmute(symbol(c"hs_alloc_scratch")?);
            let scan: Scan = std::mem::transmute(symbol(c"hs_scan")?);
            let (mut database, mut error, mut scratch) = (null_mut(), null_mut(), null_mut());
            let count = rules.len() as c_uint;
            let status = compile(
                pointers.as_ptr(),
                flags.as_ptr(),
                ids.as_ptr(),
                count,
                MODE_BLOCK,
                null_mut(),
                &mut database,
                &mut error,
            );
            if status != 0 {
                let CompileError { message, expression } = &*error;
                let rule = rules.get(*expression as usize).map_or("", |rule| rule.category);
                return Err(format!("refuses {rule}: {}", CStr::from_ptr(*message).to_string_lossy()));
            }
            if alloc(database, &mut scratch) != 0 {
                return Err("no memory for a scan".to_owned());
            }
            let version = CStr::from_ptr(version()).to_string_lossy().trim().to_owned();
            Ok(Database { rules, database, scratch, scan, version, matches: UnsafeCell::default() })
        }
    }

    pub(crate) fn version(&self) -> String {
        self.version.clone()
    }

    /// Scans one text and counts the matches: every end that a pattern can have, as Vectorscan reports them.
    pub(crate) fn count(&self, text: &str) -> usize {
        // SAFETY: the database and the scratch space are of one library and used by this thread only; the callback
        // gets the list that lives in `self`, to which nothing else refers during the call.
        unsafe {
            (*self.matches.get()).clear();
            let status = (self.scan)(
                self.database,
                text.as_ptr().cast(),
                text.len() as c_uint,
                0,
                self.scratch,
                on_match,
                self.matches.get().cast(),
            );
            assert_eq!(status, 0, "Vectorscan stopped");
            (*self.matches.get()).len()
        }
    }

    /// What it finds in each event, matches of one rule that overlap as one.
    pub(crate) fn spans(&self, events: &[String]) -> Result<Vec<Vec<Span>>, String> {
        let of = |event: &String| {
            self.count(event);
            // SAFETY: no scan is under way.
            let mut matches = unsafe { (*self.matches.get()).clone() };
            matches.sort_unstable();
            let mut spans: Vec<Span> = Vec::new();
            for (rule, start, end) in matches {
                let (category, start, end) =
                    (self.rules[rule as usize].category, start as usize, end as usize);
                match spans.last_mut().filter(|last| last.category == category && start < last.end) {
                    Some(last) => last.end = last.end.max(end),
                    None => spans.push(Span { category, start, end }),
                }
            }
            spans
        };
        Ok(events.iter().map(of).collect())
    }
}

extern "C" fn on_match(
    rule: c_uint,
    start: c_ulonglong,
    end: c_ulonglong,
    _: c_uint,
    list: *mut c_void,
) -> c_int {
    // SAFETY: `count` gives the scan this list and looks at it only behind the scan.
    unsafe { (*list.cast::<Vec<(u32, u64, u64)>>()).push((rule, start, end)) };
    0
}
