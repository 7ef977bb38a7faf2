module unpark.invalid/syntax

go 1.24
