module example.test/slow

go 1.24
