module unpark.invalid/borrow

go 1.24
