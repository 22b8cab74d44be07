fn main() {
    use annals_jq::*;
    let text = std::fs::read_to_string("/tmp/hist/chunks.txt").unwrap();
    let worker = std::env::args().nth(1).unwrap();
    let one = r#"[annals_reducer] | if length == 1 and (.[0] | type) == "object" then .[0] else error("x") end"#;
    let user = ".event.payload as $p | .state | .total = $p.total | .customer = $p.customer.name | .events += 1 | .items = ($p.items | length)";
    let programs = [
        ("length", ".events | length".to_owned()),
        ("reduce .", "reduce .events[] as $e (.state; .)".to_owned()),
        ("reduce {..}|.state", "reduce .events[] as $e (.state; {state: ., event: $e} | .state)".to_owned()),
        ("reduce user", format!("def annals_reducer: {user}; reduce .events[] as $e (.state; {{state: ., event: $e}} | annals_reducer)")),
        ("whole", format!("def annals_reducer: {user}; def annals_step: {one}; reduce .events[] as $e (.state; {{state: ., event: $e}} | annals_step)")),
        ("limit", format!("def annals_reducer: {user}; reduce .events[] as $e (.state; {{state: ., event: $e}} | annals_reducer | if type == \"object\" then . else error(\"x\") end)")),
        ("foreach whole", format!("def annals_reducer: {user}; def annals_step: {one}; foreach .events[] as $e (.state; {{state: ., event: $e}} | annals_step)")),
    ];
    for (name, program) in programs {
        let program = Program::compile(ProgramText { name: "p", text: &program, variables: &[] }).unwrap();
        let mut w = Worker::start(WorkerCommand::new(&worker, [""; 0]), program.clone(), Limits::default()).unwrap();
        let mut best = f64::MAX;
        for _ in 0..3 {
            let start = std::time::Instant::now();
            for line in text.lines() {
                let mut b = Batch::new(&program);
                b.push(line, &[]).unwrap();
                assert!(w.run(b).unwrap()[0].is_ok());
            }
            best = best.min(start.elapsed().as_secs_f64());
        }
        println!("{name:20} {:.2} µs per event", best * 1e6 / 102400.0);
    }
}
