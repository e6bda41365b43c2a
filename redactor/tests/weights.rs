//! The weights of the scorer are what the program that makes them makes.

#[path = "../examples/train/main.rs"]
mod train;

#[test]
fn the_weights_are_made_from_the_texts_of_the_repository() {
    train::run(&["--check"]).unwrap();
}
