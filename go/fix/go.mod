module unpark.invalid/fix

go 1.24
