//! From a program's text to something that jaq can run.

use jaq_core::load::{Arena, File, Loader, import};
use jaq_core::{Compiler, Filter};

use crate::compile_error::CompileError;
use crate::program::Program;
use crate::vocabulary::{Kind, definitions, natives};

/// Compiles on the calling thread, whose stack must bear the text's nesting.
pub(crate) fn compile(program: &Program) -> Result<Filter<Kind>, CompileError> {
    let name = program.name();
    let arena = Arena::default();
    let file = File { code: program.text(), path: () };
    let modules =
        Loader::new(definitions()).load(&arena, file).map_err(|e| CompileError::from_load(name, e))?;
    // Imports of data do not go through the loader, and are refused here.
    import(&modules, |_| Err(String::new())).map_err(|e| CompileError::from_load(name, e))?;

    let variables: Vec<String> = program.variables().iter().map(|name| format!("${name}")).collect();
    let compiler =
        Compiler::default().with_funs(natives()).with_global_vars(variables.iter().map(String::as_str));
    compiler.compile(modules).map_err(|e| CompileError::from_compile(name, e))
}
