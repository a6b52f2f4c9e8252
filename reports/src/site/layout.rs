//! What every page has: its head, the way around, its foot.

use maud::{DOCTYPE, Markup, html};

use super::{Plan, show};

/// The files beside the pages that are the same for every run.
pub(super) const ASSETS: [(&str, &str); 3] = [
    ("site.css", include_str!("site.css")),
    ("site.js", include_str!("site.js")),
    ("icon.svg", include_str!("icon.svg")),
];

/// What a page may load: our own files, from a server or from a disk, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; \
     img-src 'self' file:; form-action 'self' file:; base-uri 'none'";

/// A page.
pub(super) struct Page {
    /// Where it is, from the site's root.
    pub path: String,
    /// What it is about.
    pub title: String,
    /// The pages above it, from the top: their paths from the root and their names.
    pub above: Vec<(String, String)>,
    /// What it says, from its first heading on.
    pub body: Markup,
}

impl Page {
    /// The way from the page to the site's root: empty, or one `../` for each folder.
    pub fn root(&self) -> String {
        root_of(&self.path)
    }
}

/// The way from a page to the site's root.
pub(super) fn root_of(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

/// The page with all that is around it.
pub(super) fn whole(plan: &Plan<'_>, page: &Page) -> Markup {
    let root = page.root();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="referrer" content="no-referrer";
                title { (page.title) " · Assize" }
                link rel="icon" href={ (root) "assets/icon.svg" } type="image/svg+xml";
                link rel="stylesheet" href={ (root) "assets/site.css" };
                script src={ (root) "assets/site.js" } {}
            }
            body {
                a.skip href="#main" { "Skip to content" }
                (header(page, &root))
                main #main tabindex="-1" {
                    (above(page, &root))
                    (page.body)
                }
                (footer(plan))
            }
        }
    }
}

fn header(page: &Page, root: &str) -> Markup {
    let link = |path: &str, name: &str| {
        let here = page.path == path;
        html! { li { a href={ (root) (path) } aria-current=[here.then_some("page")] { (name) } } }
    };
    html! {
        header.site {
            a.name href={ (root) "index.html" } { "Assize" }
            nav aria-label="Site" {
                ul {
                    (link("index.html", "Matrix"))
                    li { a href={ (root) "index.html#runtimes" } { "Runtimes" } }
                    (link("rules.html", "Rules"))
                }
            }
            @if page.path != super::search::PATH {
                form.search role="search" action={ (root) (super::search::PATH) } {
                    input type="search" name="q" aria-label="Search tests and rules" placeholder="Search tests and rules" autocomplete="off" spellcheck="false";
                    button { "Search" }
                }
            }
            button.theme #theme type="button" hidden { "Theme" }
        }
    }
}

fn above(page: &Page, root: &str) -> Markup {
    html! {
        @if !page.above.is_empty() {
            nav.above aria-label="Where this is" {
                ol {
                    @for (path, name) in &page.above {
                        li { a href={ (root) (path) } { (name) } }
                    }
                }
            }
        }
    }
}

fn footer(plan: &Plan<'_>) -> Markup {
    let about = &plan.run.about;
    html! {
        footer.site {
            p {
                "Made by Assize"
                @if let Some(version) = &about.assize { " " (version) }
                @if let Some(began) = about.began { " from a run of " time { (show::date(began)) } }
                @if let Some(revision) = &about.revision {
                    ", against revision " code { (revision) } " of the specification"
                }
                "."
            }
        }
    }
}
