fn main() {
    println!("anchor aweigh");
}
