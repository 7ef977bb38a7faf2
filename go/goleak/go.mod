module unpark.invalid/goleak

go 1.24
