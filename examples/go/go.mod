module example.test/unpark-examples

go 1.24
