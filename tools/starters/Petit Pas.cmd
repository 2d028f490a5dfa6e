@echo off
rem Opens Petit Pas from this folder: nothing is installed on the computer. Arguments go to the command petitpas.
setlocal
title Petit Pas
set "STATUS=2"
set "PYTHON=%~dp0pack\python\python.exe"
if not exist "%~dp0pack\start.py" goto incomplete
if exist "%PYTHON%" goto own
where py >nul 2>nul || goto missing
chcp 65001 >nul
py -3 -I -X utf8 "%~dp0pack\start.py" %*
set "STATUS=%ERRORLEVEL%"
goto end
:own
chcp 65001 >nul
"%PYTHON%" -I -X utf8 "%~dp0pack\start.py" %*
set "STATUS=%ERRORLEVEL%"
goto end
:incomplete
echo Ce dossier est incomplet : copiez-le de nouveau en entier, hors de son archive .zip.
echo This folder is incomplete: copy all of it again, out of its .zip archive.
goto end
:missing
echo Il manque Python dans ce dossier : faites-le refaire avec --windows-python.
echo This folder lacks Python: have it made again with --windows-python.
:end
rem A window that a double click has opened closes at the end: what it says must be read first.
if not "%STATUS%"=="0" if "%~1"=="" pause
exit /b %STATUS%
