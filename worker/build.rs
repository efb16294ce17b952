//! Has each constructor of a static run never, instead of all of them at every call.
//!
//! A linker that finds no call of `__wasm_call_ctors` takes the module for a command,
//! and puts such a call into everything that is exported
//! (<https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md>, "Start
//! Section"). The constructors are those by which server functions would make
//! themselves known; `app::actions::register_all` names them instead.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|it| it == "wasm32") {
        println!("cargo::rustc-link-arg-cdylib=--export=__wasm_call_ctors");
    }
}
