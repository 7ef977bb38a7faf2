module example.com/unpark/launcher

go 1.24
