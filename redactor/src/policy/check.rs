//! What a policy's own lines say of categories and columns, and what of it is refused.

use sha2::{Digest, Sha256};
use toml::Spanned;

use super::example::{self, Example};
use super::store::{self, Store};
use super::{Action, File, Inner, Lines, Place, PolicyError, Rules, Treatment, entry};
use crate::detect::Category;
use crate::key::hex;

pub(super) fn check(place: &Place<'_>, file: File, toml: &[u8]) -> Result<Inner, PolicyError> {
    for (field, value) in [("name", &file.name), ("version", &file.version)] {
        let text = value.get_ref();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if text.is_empty() || text.len() > 64 || !text.bytes().all(plain) {
            return Err(place.error(
                value.span().start,
                format!("{field} is not 1 to 64 letters, digits, '-', '_' or '.'"),
                "it is stored with every event: keep it short",
            ));
        }
    }
    let harbor = match &file.basis {
        None => false,
        Some(basis) if basis.get_ref() == "safe_harbor" => true,
        Some(basis) => {
            let what = format!("unknown basis \"{}\"", basis.get_ref());
            return Err(place.error(
                basis.span().start,
                what,
                "write \"safe_harbor\", or leave the line out",
            ));
        }
    };
    if file.name.get_ref() == "safe_harbor" && !harbor {
        let way_out = "add basis = \"safe_harbor\", or give the policy another name";
        return Err(place.error(
            file.name.span().start,
            "a policy of this name must state its basis",
            way_out,
        ));
    }
    let acknowledged = match &file.identifiers_stored {
        None => false,
        Some(value) if value.get_ref() == "acknowledged" => true,
        Some(value) => {
            let what = format!("identifiers_stored is \"{}\"", value.get_ref());
            return Err(place.error(
                value.span().start,
                what,
                "write \"acknowledged\", or leave the line out",
            ));
        }
    };
    let observes = match &file.mode {
        None => false,
        Some(mode) if mode.get_ref() == "redact" => false,
        Some(mode) if mode.get_ref() == "observe" => true,
        Some(mode) => {
            let what = format!("unknown mode \"{}\"", mode.get_ref());
            return Err(place.error(mode.span().start, what, "write \"redact\" or \"observe\""));
        }
    };
    let columns = |field, value, default, permitted| column(place, field, value, default, permitted, harbor);
    use Treatment::{Hash, Keep, Label, Remove, Token, Topic};
    let (actions, lines) = actions(place, &file, harbor)?;
    let mut inner = Inner {
        name: file.name.get_ref().clone(),
        version: file.version.get_ref().clone(),
        bytes: toml.to_vec(),
        sha256: hex(&Sha256::digest(toml)),
        actions,
        lines,
        rules: Rules::new(place, &file, harbor)?,
        store: file.store.iter().map(|fields| Store::new(place, fields)).collect::<Result<_, _>>()?,
        examples: Vec::new(),
        workforce: columns(
            "workforce",
            &file.columns.workforce,
            Topic,
            &[Topic, Keep, Token, Label, Remove],
        )?,
        subject: columns("subject", &file.columns.subject, Token, &[Token, Label, Remove, Keep])?,
        opaque: columns("opaque", &file.columns.opaque, Hash, &[Hash, Keep])?,
        acknowledged,
        observes,
    };
    let last = file.store.last().map_or(0, |last| last.name.span().start);
    entry::at_most(place, last, "[[store]] entries", file.store.len(), store::ENTRIES_MAX)?;
    entry::once(place, &file.store.iter().map(|fields| &fields.name).collect::<Vec<_>>())?;
    let last = file.tests.last().map_or(0, |last| last.name.span().start);
    entry::at_most(place, last, "tests", file.tests.len(), example::EXAMPLES_MAX)?;
    for fields in file.tests {
        inner.examples.push(Example::new(place, fields)?);
    }
    if !observes {
        inner.rules.check_actions(|category| inner.actions[category as usize] == Action::Keep)?;
    }
    match &file.mode {
        Some(mode) if observes => check_observes(place, mode, inner),
        _ => Ok(inner),
    }
}

/// A policy that only observes says of everything that it stays, so that nobody takes it for one that redacts.
fn check_observes(place: &Place<'_>, mode: &Spanned<String>, mut inner: Inner) -> Result<Inner, PolicyError> {
    inner.actions[Category::Secret as usize] = Action::Keep;
    let kept = inner.actions.iter().all(|action| *action == Action::Keep)
        && [inner.workforce, inner.subject, inner.opaque].iter().all(|column| *column == Treatment::Keep);
    if kept {
        return Ok(inner);
    }
    Err(place.error(
        mode.span().start,
        "a policy that only observes changes nothing",
        "write default = \"keep\" and no other action, and keep for each of the columns",
    ))
}

fn actions(
    place: &Place<'_>,
    file: &File,
    harbor: bool,
) -> Result<([Action; Category::ALL.len()], Lines), PolicyError> {
    let mut given: [Option<Action>; Category::ALL.len()] = [None; Category::ALL.len()];
    let mut default = None;
    let (mut lines, mut default_line) = ([None; Category::ALL.len()], place.line(file.actions.span().start));
    for (key, value) in file.actions.get_ref() {
        let Some(action) = Action::ALL.iter().copied().find(|action| action.name() == value.get_ref()) else {
            let what = format!("unknown action \"{}\"", value.get_ref());
            return Err(place.error(value.span().start, what, format!("one of {}", names(Action::ALL))));
        };
        if key.get_ref() == "default" {
            permitted(place, value.span().start, None, action, harbor)?;
            (default, default_line) = (Some(action), place.line(key.span().start));
        } else if let Some(category) = Category::from_name(key.get_ref()) {
            permitted(place, value.span().start, Some(category), action, harbor)?;
            given[category as usize] = Some(action);
            lines[category as usize] = Some(place.line(key.span().start));
        } else {
            let what = format!("unknown category \"{}\"", key.get_ref());
            let known: Vec<_> = Category::ALL.iter().map(|category| category.name()).collect();
            return Err(place.error(key.span().start, what, format!("one of default, {}", known.join(", "))));
        }
    }
    given[Category::Secret as usize] = Some(Action::Remove);
    let mut actions = [Action::Remove; Category::ALL.len()];
    for category in Category::ALL {
        actions[*category as usize] = given[*category as usize].or(default).ok_or_else(|| {
            let what = format!("no action for {}", category.name());
            place.error(file.actions.span().start, what, "add a line for it under [actions], or a default")
        })?;
    }
    Ok((actions, Lines { actions: lines.map(|line| line.unwrap_or(default_line)) }))
}

/// Which actions a category permits. `None` is the default of all categories.
fn permitted(
    place: &Place<'_>,
    at: usize,
    category: Option<Category>,
    action: Action,
    harbor: bool,
) -> Result<(), PolicyError> {
    use Category::{Address, Age, Date, Place as Town, Secret, Zip};
    let name = category.map_or("default", Category::name);
    if category == Some(Secret) && action != Action::Remove {
        return Err(place.error(
            at,
            "secrets can only be removed",
            "write \"remove\", or leave the line out",
        ));
    }
    if harbor && matches!(action, Action::Mask | Action::Token | Action::Shift | Action::Keep) {
        return Err(place.error(
            at,
            format!("{name} = \"{}\" is not Safe Harbor, 45 CFR 164.514(b)(2)", action.name()),
            "write generalise, label or remove, or leave out the basis",
        ));
    }
    if action == Action::Shift && category != Some(Date) {
        return Err(place.error(
            at,
            format!("{name} cannot be shifted"),
            "only DATE can; choose another action",
        ));
    }
    let coarse = matches!(category, Some(Date | Age | Zip | Town | Address));
    if action == Action::Generalise && !coarse {
        let what = format!("{name} cannot be generalised");
        return Err(place.error(
            at,
            what,
            "only DATE, AGE, ZIP, PLACE and ADDRESS can; choose another action",
        ));
    }
    Ok(())
}

fn column(
    place: &Place<'_>,
    field: &str,
    value: &Option<Spanned<String>>,
    default: Treatment,
    permitted: &[Treatment],
    harbor: bool,
) -> Result<Treatment, PolicyError> {
    let Some(value) = value else {
        return if harbor && field != "opaque" { Ok(Treatment::Label) } else { Ok(default) };
    };
    let found = permitted.iter().copied().find(|treatment| treatment.name() == value.get_ref());
    let Some(treatment) = found else {
        let what = format!("columns.{field} cannot be \"{}\"", value.get_ref());
        let known: Vec<_> = permitted.iter().map(|treatment| treatment.name()).collect();
        return Err(place.error(value.span().start, what, format!("one of {}", known.join(", "))));
    };
    if harbor && !matches!(treatment, Treatment::Label | Treatment::Remove | Treatment::Hash) {
        let what = format!("columns.{field} = \"{}\" is not Safe Harbor", treatment.name());
        return Err(place.error(value.span().start, what, "write label or remove, or leave out the basis"));
    }
    Ok(treatment)
}

fn names(actions: &[Action]) -> String {
    actions.iter().map(|action| action.name()).collect::<Vec<_>>().join(", ")
}
