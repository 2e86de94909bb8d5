package local

const sysProcessVMReadv = 310
